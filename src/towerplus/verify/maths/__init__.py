"""Maths answers: `numbers` reads them exactly, `symbolic` asks math-verify in a worker process, `checks` decides."""
