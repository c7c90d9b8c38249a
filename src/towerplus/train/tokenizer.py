"""A byte-level BPE trained on the corpus at hand, as a tokenizer that transformers loads without this package."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from towerplus.errors import UserError
from towerplus.prompts.chat import FORMATS

PAD, BOS, EOS = "<pad>", "<bos>", "<eos>"
#: Words with the space before them (letters keep their marks, or Devanagari falls apart), single digits (a number is
#: then spelled the same way everywhere), runs of punctuation, line ends apart from other white space.
PIECES = r" ?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+|[\r\n]+|\s+(?![\S\r\n])|\s+"
#: transformers reads every tokenizer beside a Qwen2 model with this pattern and NFC, whatever its own files say
QWEN2_PIECES = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SMALLEST = 256  # the bytes


def train_tokenizer(
    texts: Iterable[str],
    vocabulary: int,
    chat_format: str = "gemma",
    context: int | None = None,
    architecture: str = "qwen3",
) -> PreTrainedTokenizerFast:
    """Train on `texts` and return a tokenizer of at most `vocabulary` entries, special tokens included.

    The same texts give the same tokenizer. Any string can be encoded and decoded back, whatever was trained on (but
    qwen2 composes accents, NFC). A plain text is given <bos> exactly when chats begin with it. Raises UserError when
    there is no text, or when the vocabulary cannot hold the 256 bytes and the special tokens.
    """
    layout = FORMATS[chat_format]
    special = [PAD, BOS, EOS, *layout.special_tokens]
    if vocabulary < SMALLEST + len(special):
        raise UserError(f"a vocabulary of {vocabulary} is too small: bytes and special tokens need "
                        f"{SMALLEST + len(special)}", "model.vocabulary")  # fmt: skip
    qwen2 = architecture == "qwen2"
    tokenizer = Tokenizer(models.BPE())
    if qwen2:
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2_PIECES if qwen2 else PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    seen = 0

    def counted() -> Iterable[str]:
        nonlocal seen
        for text in texts:
            seen += 1
            yield text

    tokenizer.train_from_iterator(
        counted(),
        trainers.BpeTrainer(
            vocab_size=vocabulary,
            special_tokens=special,
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            show_progress=False,
        ),
    )
    if not seen:
        raise UserError("no text to train a tokenizer on")
    if "bos_token" in layout.template:
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{BOS} $A", pair=f"{BOS} $A $B", special_tokens=[(BOS, tokenizer.token_to_id(BOS))]
        )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        bos_token=BOS,
        eos_token=EOS,
        extra_special_tokens=list(layout.special_tokens),
        chat_template=layout.template,
        clean_up_tokenization_spaces=False,
        padding_side="right",
        **({"model_max_length": context} if context else {}),
    )
