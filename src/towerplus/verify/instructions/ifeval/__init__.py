"""The 25 instructions of IFEval (arXiv 2311.07911), under the benchmark's own names and arguments, a file a family.

Verdicts are those of the published reference, its readings included: `***` parts paragraphs, a postscript may stand
anywhere, whoever says "at least" may have more. Three of its habits are not kept, since a verdict must be a function of
the response: a keyword is literal text and no regular expression, a letter that is none is counted as the character
that it is (the reference draws a random letter for `#` and `!`), and languages are told by CLD2, not by sampling.

With a locale (the argument `locale` or the task's target) words, sentences, commas, quotation marks and letters with
case are those of its script. For rewards see also `instruction.*`: our own kinds, which leave less to exploit.
"""
