"""The local engine: a transformers causal language model, decoded by our own loop."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path

import jinja2
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging as transformers_logging

from towerplus.engines.base import Completion, Request, Usage
from towerplus.engines.decode import Answer, Decoder, Job
from towerplus.engines.sampling import sample_keys
from towerplus.errors import UserError
from towerplus.prompts.chat import takes_no_system, template_rows
from towerplus.records import Message

#: a tag of transformers' own, around what the assistant says
_GENERATION = re.compile(r"\{%-?\s*(end)?generation\s*-?%\}")
#: of a configuration: where it came from and how it was stored, not what it computes
_INCIDENTAL = {"_name_or_path", "transformers_version", "torch_dtype", "dtype", "architectures", "use_cache"}


class LocalEngine:
    """Answers requests with a model in memory, which may go on training between calls.

    Args:
        batch_rows: samples decoded side by side. Large batches pay: below about a million parameters the cost of a step
            hardly depends on them.
        cache_bytes: memory for keys and values; default 1 GiB on a CPU, half of what is free on a GPU.
        identity: digest of the weights where it is known; computed when asked for otherwise.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        batch_rows: int = 256,
        cache_bytes: int | None = None,
        identity: str | None = None,
    ):
        self.model, self.tokenizer = model, tokenizer
        self.batch_rows, self.cache_bytes, self._identity = batch_rows, cache_bytes, identity
        self.context: int = model.config.get_text_config().max_position_embeddings
        ends = model.generation_config.eos_token_id if model.generation_config else None
        ends = ends if isinstance(ends, list) else [ends]
        self.ends = {token for token in (*ends, tokenizer.eos_token_id) if token is not None}

    @classmethod
    def load(cls, directory: Path | str, *, device: str | None = None, dtype: torch.dtype | None = None, **options):
        """The engine of a Hugging Face model directory. On a CPU in float32, on a GPU as stored, unless told.

        Raises:
            UserError: the directory is not there or holds no causal language model.
        """
        transformers_logging.disable_progress_bar()  # of the weights' loading, on standard error
        directory = Path(directory)
        if not (directory / "config.json").is_file():
            raise UserError("not a model directory (no config.json)", str(directory))
        device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        dtype = dtype or (torch.float32 if device == "cpu" else "auto")
        try:
            model = AutoModelForCausalLM.from_pretrained(directory, dtype=dtype, local_files_only=True)
            tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
        # a broken directory fails in many ways (OSError, ValueError, KeyError, SafetensorError, JSONDecodeError)
        except Exception as error:
            reason = (str(error).strip().splitlines() or [""])[0]
            raise UserError(f"cannot load the model: {type(error).__name__}: {reason[:300]}", str(directory)) from error
        require_fit(model, tokenizer, str(directory))
        model = model.to(device).eval()
        return cls(model, tokenizer, identity=digest(model, tokenizer), **options)

    @property
    def identity(self) -> str:
        """SHA-256 of weights, configuration and tokenizer: of the moment, where the model is still in training."""
        return self._identity or digest(self.model, self.tokenizer)

    @property
    def template(self) -> str:
        """SHA-256 of the chat template."""
        return hashlib.sha256(str(self.tokenizer.chat_template).encode()).hexdigest()

    def render(self, conversations: Sequence[Sequence[Message]]) -> list[str | None]:
        """Each conversation in the chat template, up to where the answer begins; None where the template refuses it.
        System text is folded into the first user turn where the template has no system role.

        Raises:
            UserError: the model has no chat template.
        """
        if self.tokenizer.chat_template is None:
            raise UserError("the model has no chat template: ask it in plain form", self.model.name_or_path)
        try:
            rows = template_rows(conversations, self._folds)
            # all at once is several times faster than one by one
            return self.tokenizer.apply_chat_template(rows, tokenize=False, add_generation_prompt=True) if rows else []
        except (jinja2.TemplateError, UserError):
            if len(conversations) == 1:
                return [None]
            return [self.render([c])[0] for c in conversations]

    @functools.cached_property
    def _folds(self) -> bool:
        return takes_no_system(self.tokenizer)

    def prompt_ids(self, requests: Sequence[Request]) -> list[list[int] | None]:
        """Token ids of the prompts, None where the chat template refuses the conversation. A template writes its own
        special tokens; plain text gets what the tokenizer puts before a text, such as bos, but no end token after it,
        which would close the text."""
        chats = [i for i, request in enumerate(requests) if request.messages is not None]
        texts: list[str | None] = [request.prompt for request in requests]
        for i, text in zip(chats, self.render([requests[i].messages for i in chats]) if chats else [], strict=True):
            texts[i] = text
        found: list[list[int] | None] = [None] * len(requests)
        for members, special in ((chats, False), (sorted(set(range(len(requests))) - set(chats)), True)):
            members = [i for i in members if texts[i] is not None]
            if not members:
                continue
            # not verbose: what is too long is rejected below, and told there
            options = {"add_special_tokens": special, "return_attention_mask": False, "verbose": False}
            rows = self.tokenizer([texts[i] for i in members], **options)
            for i, ids in zip(members, rows["input_ids"], strict=True):
                found[i] = ids[:-1] if special and ids and ids[-1] in self.ends else ids
        return found

    def complete(self, requests: Sequence[Request]) -> list[list[Completion]]:
        """See `Engine.complete`. A prompt that leaves no room in the context is rejected, never cut."""
        answers: list[list[Completion]] = []
        jobs: list[Job] = []
        request_of_job: list[int] = []
        for index, (request, prompt) in enumerate(zip(requests, self.prompt_ids(requests), strict=True)):
            reason = self._objection(request, prompt)
            usage = Usage(len(prompt or ()), 0)
            answers.append([Completion("", "rejected", "rejected", usage=usage, detail=reason)] * request.sampling.n)
            if not reason:
                jobs.append(self._job(prompt, request))
                request_of_job.append(index)
        training = self.model.training
        self.model.eval()
        decoder = Decoder(self.model, self.ends, self._text, self.batch_rows, self._cache_bytes())
        try:
            with torch.no_grad():
                for answer in decoder.run(jobs):
                    index = request_of_job[answer.job]
                    answers[index][answer.sample] = self._completion(answer, jobs[answer.job], requests[index])
        finally:
            self.model.train(training)
        return answers

    def _objection(self, request: Request, prompt: list[int] | None) -> str:
        """Why a request cannot be answered; empty if it can."""
        if request.sampling.schema is not None:
            return "the local engine cannot hold an answer to a schema"
        if request.sampling.max_tokens < 1:
            return "max_tokens is below 1"
        if prompt is None:
            return "the chat template refuses this order of turns"
        if not prompt:
            return "the prompt is empty"
        if len(prompt) >= self.context:
            return f"the prompt has {len(prompt)} tokens, the context holds {self.context}"
        return ""

    def _job(self, prompt: list[int], request: Request) -> Job:
        sampling = request.sampling
        budget = min(sampling.max_tokens, self.context - len(prompt))
        return Job(prompt, sample_keys(request), budget, sampling.temperature, sampling.top_p, sampling.stop)

    def _completion(self, answer: Answer, job: Job, request: Request) -> Completion:
        text = self._text(answer.tokens)
        text = text[: min((at for s in request.sampling.stop if (at := text.find(s)) >= 0), default=len(text))]
        detail = ""
        if not answer.ended:
            full = job.budget < request.sampling.max_tokens
            detail = f"the context of {self.context} tokens is full" if full else f"cut at {job.budget} tokens"
        return Completion(
            text.strip(),
            "ok" if answer.ended else "truncated",
            "stop" if answer.ended else "length",
            tuple(answer.tokens),
            tuple(answer.logprobs),
            Usage(len(job.prompt), len(answer.tokens)),
            detail,
        )

    def _text(self, tokens: list[int]) -> str:
        return self.tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)

    def _cache_bytes(self) -> int:
        if self.cache_bytes is not None:
            return self.cache_bytes
        if self.model.device.type == "cuda":
            return torch.cuda.mem_get_info(self.model.device)[0] // 2
        return 1 << 30


def require_fit(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, where: str) -> None:
    """UserError unless the model knows the tokenizer's special tokens and its chat template can be read: a directory
    that lacks a file loads all the same, with tokens and templates of another model's."""
    rows = model.get_input_embeddings().num_embeddings
    for name in ("bos_token", "eos_token", "pad_token"):
        if (found := getattr(tokenizer, f"{name}_id")) is not None and found >= rows:
            message = f"its tokenizer is not this model's: {name} is {found}, the model knows {rows} tokens"
            raise UserError(f"{message}; is tokenizer_config.json whole?", where)
    try:
        jinja2.Environment(extensions=["jinja2.ext.loopcontrols"]).parse(_GENERATION.sub("", _template(tokenizer)))
    except jinja2.TemplateSyntaxError as error:
        raise UserError(f"its chat template cannot be read: {error.message}, line {error.lineno}", where) from None


def _template(tokenizer: PreTrainedTokenizerBase) -> str:
    return tokenizer.chat_template if isinstance(tokenizer.chat_template, str) else ""


def digest(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> str:
    """SHA-256 of everything that an answer depends on: weights, configuration, tokenizer."""
    sha = hashlib.sha256()
    config = {k: v for k, v in model.config.to_dict().items() if k not in _INCIDENTAL}
    ends = model.generation_config.eos_token_id if model.generation_config else None
    sha.update(json.dumps([config, ends, tokenizer.backend_tokenizer.to_str()], sort_keys=True, default=str).encode())
    for name, tensor in sorted(model.state_dict().items()):
        sha.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        sha.update(tensor.detach().cpu().contiguous().view(torch.uint8).numpy())
    return sha.hexdigest()
