"""A tokenizer, and a model of each architecture in turn."""

import pytest
from engine_models import ARCHITECTURES, make_model, make_tokenizer


@pytest.fixture(scope="session")
def tokenizer():
    return make_tokenizer()


@pytest.fixture(params=ARCHITECTURES)
def model(request):
    return make_model(request.param)
