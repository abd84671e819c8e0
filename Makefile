# `make` alone shows what there is. Needs Python 3.11 or newer, make and sh; everything else is installed into .venv.

PY = .venv/bin/python
LOCAL = $(PY) -m habrio_local
# Sources that are ours, for the checks.
CODE = shared gateway services deploy postman tests
TESTS ?=
SUITE = tests/conventions tests/unit tests/integration tests/contract tests/e2e tests/security
# Two processes, each with servers and a platform of its own; the tests of a file stay together.
BESIDE = -n 2 --dist loadfile
# Tests that wait for processes to come back more than they work.
WAITING = -n 3 --dist worksteal
COVERAGE ?=
BENCH ?=
# End-to-end tests of what people do; those of races across processes and of servers that go away are PostgreSQL's.
SQLITE_JOURNEYS = $(addprefix tests/e2e/test_,journey.py order_flows.py returns.py talk.py payouts.py catalogue.py notices.py)

.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z0-9-]*\):.*/\1/p' Makefile)

##@ Run
run: install ## Start the whole platform and stay; Ctrl-C stops it
	@exec $(LOCAL) run

start: install ## The same in the background
	@$(LOCAL) start

stop: install ## Stop what `start` or `run` has started; the data stays
	@$(LOCAL) stop

status: install ## What runs, on which ports, and whether it is ready
	@$(LOCAL) status

logs: install ## Follow the logs of all processes
	@$(LOCAL) logs

smoke: install ## Walk the whole journey of an order against the running platform
	@$(PY) -m tests.e2e.smoke

monitor: install ## A real Prometheus and Alertmanager beside the running platform, until Ctrl-C; says how to install them
	@exec $(LOCAL) monitor

clean: install ## Forget all data, logs and secrets (PORT and HABRIO_HOME choose another stack)
	@$(LOCAL) clean

##@ Work on it
migrate: install ## Bring every service's database to the newest revision
	@$(LOCAL) migrate

worker: install need-service ## One more Celery worker: make worker SERVICE=vendor
	@exec $(LOCAL) worker $(SERVICE)

env: install ## A service's environment: eval "$$(make -s env SERVICE=vendor)", then flask …; without SERVICE: write .env for containers
	@$(if $(SERVICE),$(LOCAL) env $(SERVICE),$(PY) deploy/compose/env.py)

restart: install need-service ## Restart one part of the running platform: make restart SERVICE=vendor
	@$(LOCAL) part restart $(SERVICE)

openapi: install ## Write services/*/openapi.json anew from the code
	@for folder in services/*/openapi.json services/*/pyproject.toml; do echo "$${folder%/*}"; done | sort -u | while read -r folder; do \
		[ -f "$$folder/pyproject.toml" ] || continue; \
		echo "$$folder/openapi.json"; \
		$(LOCAL) offline "$${folder#services/}" -m flask openapi-write || exit 1; \
	done

##@ In containers
up: ## Build the images, start docker-compose.yml and wait until all is healthy (first: make env)
	@docker compose build
	@docker compose up --detach --wait

down: ## Stop the containers; the data stays in its volumes (docker compose down --volumes forgets it)
	@docker compose down

compose-logs: ## Follow the logs of the containers
	@docker compose logs --follow --tail 50

deploy: need-service ## Build, migrate and replace one service without a failed request: make deploy SERVICE=vendor
	@sh deploy/compose/deploy.sh $(SERVICE)

openapi-release: install-dev ## Write down what a released document promises: make openapi-release VERSION=0.2.0
	@test -n "$(VERSION)" || { echo "Say which one: make openapi-release VERSION=0.2.0" >&2; exit 1; }
	@$(PY) -m tests.support.surface $(VERSION)

postman-write: install ## Write the Postman collection anew from the journey and services/*/openapi.json
	@$(PY) -m postman.generate

##@ Check
test: install-dev ## All tests: unit, conventions, integration, contract, end to end, security in short (TESTS="-k word" narrows)
	@$(if $(COVERAGE),rm -f .coverage .coverage.*)
	@$(PY) $(if $(COVERAGE),-m coverage run) -m pytest $(BESIDE) $(SUITE) $(TESTS)

test-unit: install-dev ## Pure code, fast
	@$(PY) -m pytest tests/unit $(TESTS)

test-conventions: install-dev ## The rules of the house
	@$(PY) -m pytest tests/conventions $(TESTS)

test-integration: install-dev ## Parts against a real PostgreSQL and a real nginx
	@$(PY) -m pytest tests/integration $(TESTS)

test-contract: install-dev ## The API against its documents
	@$(PY) -m pytest tests/contract $(TESTS)

test-e2e: install-dev ## The whole platform, on free ports, in a temporary folder
	@$(PY) -m pytest tests/e2e $(TESTS)

test-sqlite: install-dev ## The services, the order protocol and the journeys on SQLite, one worker a service
	@HABRIO_TEST_DATABASE=sqlite $(PY) -m pytest $(BESIDE) tests/contract tests/integration/auth tests/integration/consumer \
		tests/integration/vendor tests/integration/orders $(SQLITE_JOURNEYS) $(TESTS)

test-security: install-dev ## Who may do what, forged tokens, 10,000 changes under load, a new secret: the long form
	@HABRIO_SECURITY=long $(PY) -m pytest tests/security $(TESTS)

test-releases: install-dev ## Deployments one part at a time: the previous release beside this one, through the journeys
	@$(PY) -m pytest -rs tests/releases $(TESTS)

test-scale: install-dev ## What a page costs at few and at very many rows, by EXPLAIN ANALYZE: the long form
	@HABRIO_SCALE=long $(PY) -m pytest -s tests/integration/vendor/test_scale.py $(TESTS)

test-monitoring: install-dev ## The alerts' stories, every panel's query, one alert the whole way: needs Prometheus and Alertmanager
	@$(PY) -m pytest -rs tests/monitoring $(TESTS)

test-backup: install-dev ## A platform that trades is saved and put back elsewhere; a damaged backup changes nothing
	@$(PY) -m pytest tests/backup $(TESTS)

postman: install-dev ## newman runs the Postman collection twice on a platform of its own, or once at BASE_URL=http://…
	@$(PY) -m tests.e2e.newman

proof: install-dev ## What takes minutes: every state of the protocol, every fault point, races, fuzz, overload, planted bugs, chaos
	@$(PY) -m pytest $(WAITING) tests/proof/faults $(TESTS)
	@$(PY) -m pytest $(addprefix tests/proof/,model races fuzz overload chaos) $(TESTS)

chaos: install-dev ## 32 people with exact books against a nemesis: SECONDS=600 SEED=1
	@$(PY) -m tests.chaos --seconds $(or $(SECONDS),600) --seed $(or $(SEED),1)

test-docker: install-dev ## Dockerfile and docker-compose.yml: linters, and on an engine, if one answers, all that they promise
	@$(PY) -m pytest -rs tests/docker $(TESTS)

bench: install-dev ## What requests cost, in minutes, on a machine that does nothing else (BENCH="--long", "--only wallet")
	@$(PY) -m tests.bench $(BENCH)

lint: install-dev ## ruff
	@$(PY) -m ruff check .

format: install-dev ## Format all code
	@$(PY) -m ruff format .

format-check: install-dev ## Is all code formatted?
	@$(PY) -m ruff format --check .

lint-ops: install-dev ## What is run by others: workflows, Kubernetes, shell; says what it could not check here
	@sh deploy/ci/lint-ops.sh .venv/bin

audit: install-dev ## Known vulnerabilities of what is pinned (pip-audit; needs PyPI's advisories)
	@for file in requirements.txt requirements-dev.txt; do \
		.venv/bin/uv tool run pip-audit==2.10.1 --strict --require-hashes --disable-pip --requirement $$file || exit 1; \
	done

types: install-dev ## mypy --strict
	@sh deploy/local/types.sh $(PY)

coverage: ## All tests with coverage, subprocesses included
	@$(MAKE) --no-print-directory test COVERAGE=yes
	@$(MAKE) --no-print-directory coverage-report

coverage-report: install-dev ## What the tests that COVERAGE=yes watched did not reach; fails below 90 %
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage report

##@ More
install: ## Make .venv and install what the requirements pin; does nothing when that is done
	@$(PY) deploy/local/bootstrap.py check runtime 2>/dev/null || \
		{ python=$$(sh deploy/local/find-python.sh) && "$$python" deploy/local/bootstrap.py install runtime; }

install-dev: ## The same with the tools for tests and checks
	@$(PY) deploy/local/bootstrap.py check dev 2>/dev/null || \
		{ python=$$(sh deploy/local/find-python.sh) && "$$python" deploy/local/bootstrap.py install dev; }

requirements: ## Write requirements*.txt anew from the pyproject.toml files (UPGRADE="-P flask" or --upgrade: newer ones)
	@sh deploy/local/requirements.sh $(UPGRADE)

help: ## This list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9-]+:.*## / { split($$1, name, ":"); gsub(/\$$\$$/, "$$", $$2); printf "  %-22s %s\n", "make " name[1], $$2 }' Makefile
	@echo
	@echo "Settings: PORT=8080  HABRIO_HOME=folder  DATABASE_URL=postgresql://…  REDIS_URL=redis://…  WORKERS=2  (README: Configuration)"
	@echo

need-service:
	@test -n "$(SERVICE)" || { echo "Say which one: make $(MAKECMDGOALS) SERVICE=vendor" >&2; exit 1; }
