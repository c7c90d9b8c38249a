"""Our objectives against TRL's trainers, run for real on a tiny model.

All comparisons with TRL are in this one file because importing its trainers takes about ten seconds. Its defaults suit
GPUs: bf16 and activation checkpointing are off here.
"""

import pytest
import torch
from tiny_models import tiny_model

pytest.importorskip("trl", reason="TRL is the peer: install the extra `bench`")

from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer, GRPOConfig, GRPOTrainer

from towerplus.train.batch import pad_rows
from towerplus.train.head import token_logprobs
from towerplus.train.objectives import grpo, wpo
from towerplus.train.objectives.base import averages

CPU = {
    "use_cpu": True,
    "bf16": False,
    "activation_checkpointing": False,
    "report_to": "none",
    "save_strategy": "no",
    "disable_tqdm": True,
}
PAIRS = [  # answers of unequal length, prompts too
    ("w5 w6 w7", " w8 w9 w10 w11 w12", " w13 w14"),
    ("w20", " w21", " w22 w23 w24 w25 w26 w27 w28"),
]


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    words = {"<pad>": 0, "<s>": 1, "</s>": 2, **{f"w{i}": i for i in range(3, 101)}}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<pad>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", bos_token="<s>", eos_token="</s>")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory, tokenizer) -> str:
    """TRL loads the reference of GRPO from the policy's path."""
    folder = tmp_path_factory.mktemp("policy")
    tiny_model("qwen3", initializer_range=0.15).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def gradients(model, loss) -> list[torch.Tensor]:
    return list(torch.autograd.grad(loss, [p for p in model.parameters() if p.requires_grad]))


def assert_same(model, ours, theirs) -> None:
    """The same loss and the same gradient of every weight."""
    torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-5)
    for mine, other in zip(gradients(model, ours), gradients(model, theirs), strict=True):
        torch.testing.assert_close(mine, other, atol=2e-6, rtol=1e-4)


@pytest.mark.parametrize("architecture", ["qwen3", "gemma2"])
def test_wpo(architecture, tokenizer, tmp_path):
    model = tiny_model(architecture, initializer_range=0.15).train()
    greedy = model.generate(torch.tensor([[30, 31, 32]]), max_new_tokens=16, do_sample=False, suppress_tokens=[0, 1, 2])
    short, long = (" " + tokenizer.decode(greedy[0, 3 : 3 + n]) for n in (12, 16))
    pairs = [*PAIRS, ("w30 w31 w32", short, long)]  # more likely than samples of the model are: its weight exceeds 1
    trainer = DPOTrainer(
        model=model,
        ref_model=tiny_model(architecture, initializer_range=0.15, seed=9),
        args=DPOConfig(output_dir=str(tmp_path), beta=0.1, use_weighting=True, max_length=None, **CPU),
        train_dataset=Dataset.from_list([dict(zip(("prompt", "chosen", "rejected"), p, strict=True)) for p in pairs]),
        processing_class=tokenizer,
    )
    inputs = trainer.data_collator(list(trainer.train_dataset))
    assert (inputs["attention_mask"] == 0).any(), "padding is part of the comparison"
    theirs = trainer.compute_loss(trainer.model, inputs)

    order = torch.tensor([i + 3 * side for i in range(3) for side in range(2)])  # TRL: first all chosen, then rejected
    rows = [
        (ids[seen.bool()].tolist(), answer[seen.bool()].bool().tolist())
        for ids, seen, answer in zip(
            *(inputs[k][order] for k in ("input_ids", "attention_mask", "completion_mask")), strict=True
        )
    ]
    batch = pad_rows(*zip(*rows, strict=True), pad=50)
    with torch.no_grad():
        reference = token_logprobs(trainer.ref_model, batch).sums()
    scores = token_logprobs(trainer.model, batch, collision=True, chunk=5)

    def ours(clamp):
        return wpo.loss(
            scores.logprob, scores.log_collision, scores.sequence, reference, beta=0.1, clamp=clamp, denominator=3
        )

    part = ours(clamp=False)
    assert_same(trainer.model, part.loss, theirs)
    assert (part.loss - ours(clamp=True).loss) > 0.01, "a weight above 1 is part of the comparison"
    logged, metrics = trainer._metrics["train"], averages([part])
    assert metrics["margin"] == pytest.approx(logged["rewards/margins"][-1], rel=1e-4)
    assert metrics["accuracy"] == pytest.approx(logged["rewards/accuracies"][-1])


GROUP, LONGEST = 4, 9


@pytest.fixture(scope="module")
def grpo_trainer(checkpoint, tokenizer, tmp_path_factory):
    """One trainer for all settings; `seen` are the rewards it was given last."""
    seen = []

    def reward(prompts, completions, **_) -> list[float]:
        seen[:] = [
            0.25 if prompt == "w5 w6" else len(set(text.split())) / 4 + 0.1 * (i % 3)
            for i, (prompt, text) in enumerate(zip(prompts, completions, strict=True))
        ]
        return seen

    trainer = GRPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(checkpoint, attn_implementation="eager"),
        reward_funcs=reward,
        args=GRPOConfig(
            output_dir=str(tmp_path_factory.mktemp("grpo")),
            per_device_train_batch_size=3 * GROUP,
            num_generations=GROUP,
            max_completion_length=LONGEST,
            temperature=0.8,
            epsilon=0.2,
            epsilon_high=0.28,
            beta=0.04,
            use_bias_correction_kl=False,  # the plain k3 estimate
            num_iterations=2,  # so that TRL keeps the log-probabilities of the time of sampling
            **CPU,
        ),
        train_dataset=Dataset.from_list([{"prompt": "w5 w6"}] * 3),
        processing_class=tokenizer,
    )
    trainer.current_gradient_accumulation_steps = 1  # set by Trainer.train
    return trainer, seen


@pytest.fixture(scope="module", params=["group", "none"])
def rollout(request, grpo_trainer, checkpoint):
    """Samples with advantages under one way of scaling, and a policy that has moved since they were drawn."""
    trainer, seen = grpo_trainer
    trainer.model.load_state_dict(AutoModelForCausalLM.from_pretrained(checkpoint).state_dict())
    trainer.scale_rewards, trainer.beta = request.param, 0.04
    trainer.model.train()
    torch.manual_seed(4)
    prompts = [{"prompt": p} for p in ("w5 w6", "w20", "w30 w31 w32 w33") for _ in range(GROUP)]
    with torch.no_grad():
        inputs = trainer._generate_and_score_completions(prompts)
        for weight in trainer.model.parameters():
            weight += 0.02 * torch.randn_like(weight)
    return trainer, inputs, request.param, torch.tensor(seen).view(3, GROUP)


def test_grpo_advantages(rollout):
    _, inputs, scale, rewards = rollout
    advantages, live = grpo.group_advantages(rewards, scale)
    torch.testing.assert_close(advantages.flatten(), inputs["advantages"], atol=1e-5, rtol=1e-5)
    assert live.tolist() == [False, True, True]


@pytest.mark.parametrize("kl", [0.0, 0.04])
@pytest.mark.parametrize("loss_type", ["dapo", "dr_grpo"])
def test_grpo_loss(loss_type, kl, rollout):
    trainer, inputs, _, _ = rollout
    trainer.loss_type, trainer.beta = loss_type, kl
    theirs = trainer.compute_loss(trainer.model, inputs)

    answered = inputs["completion_mask"].bool()
    rows = []
    for prompt, shown, answer, kept in zip(
        inputs["prompt_ids"], inputs["prompt_mask"].bool(), inputs["completion_ids"], answered, strict=True
    ):
        prompt, answer = prompt[shown].tolist(), answer[kept].tolist()
        rows.append((prompt + answer, [False] * len(prompt) + [True] * len(answer)))
    batch = pad_rows(*zip(*rows, strict=True))
    assert (batch.labels_mask[:, -1] == 0).any(), "padding is part of the comparison"
    scores = token_logprobs(trainer.model, batch, temperature=0.8, entropy=True, chunk=16)
    with torch.no_grad():
        reference = token_logprobs(trainer.ref_model, batch, temperature=0.8).logprob
    torch.testing.assert_close(reference, inputs["ref_per_token_logps"][answered], atol=1e-5, rtol=1e-5)

    part = grpo.loss(
        scores.logprob,
        inputs["old_per_token_logps"][answered],
        inputs["advantages"][scores.sequence],
        clip_low=0.2,
        clip_high=0.28,
        denominator=batch.labels if loss_type == "dapo" else len(rows) * LONGEST,
        reference_logprob=reference if kl else None,
        kl=kl,
        entropy=scores.entropy,
    )
    assert_same(trainer.model, part.loss, theirs)
    logged, metrics = trainer._metrics["train"], averages([part])
    assert 0.02 < metrics["clipped"] < 0.9, "both sides of the clip are part of the comparison"
    assert metrics["clipped"] == pytest.approx(logged["clip_ratio/region_mean"][-1], abs=1e-6)
    assert metrics["entropy"] == pytest.approx(logged["entropy"][-1], rel=1e-4)
    if kl:
        assert metrics["kl"] == pytest.approx(logged["kl"][-1], rel=1e-3)
