# The names other people rely on (shared/spec/90-interfaces.md). Each one sets up what it needs.
.PHONY: demo demo-reset test lint bench lock

demo:
	@.ci/setup.sh runtime
	@.venv/bin/python manage.py demo

demo-reset:
	@.ci/demo-reset.sh

test:
	@.ci/setup.sh dev
	@.ci/check.sh all

lint:
	@.ci/setup.sh dev
	@.ci/check.sh lint

# make bench SIZE=1000000 changes the size.
bench:
	@.ci/setup.sh dev
	@.venv/bin/python -m tests.bench $(if $(SIZE),--size $(SIZE))

lock:
	@.ci/setup.sh dev
	.venv/bin/uv pip compile -q pyproject.toml --generate-hashes -o requirements.txt
	.venv/bin/uv pip compile -q pyproject.toml --extra dev --generate-hashes -o .ci/requirements-dev.txt
