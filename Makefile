# Every target is one line over `python -m papernotes <verb>` or a standard tool; the first one that runs sets up `.venv`.
PYTHON ?= python3
SETUP = @$(PYTHON) hooks/papernotes/dev/bootstrap.py $(if $(filter-out file,$(origin PYTHON)),--this-python) requirements.txt
SETUP_DEV = $(SETUP) requirements-dev.txt
RUN = .venv/bin/python -m papernotes

.PHONY: site serve check fix new pairs read retire books refresh release test soak bench audit bundle epub lock clean
.DEFAULT_GOAL := site

site: ## build site/
	$(SETUP) && $(RUN) site $(ARGS)
serve: ## build, serve on http://127.0.0.1:8000 and rebuild on change
	$(SETUP) && $(RUN) serve $(ARGS)
check: ## check every page, build nothing
	$(SETUP) && $(RUN) check $(ARGS)
fix: ## mend what is safe to mend, showing a diff
	$(SETUP) && $(RUN) fix $(ARGS)
new: ## begin a page: make new ID=1512.03385 [TIER=full|middle|short] [SLUG=resnet]
	$(SETUP) && $(RUN) new $(ID) $(if $(TIER),--tier $(TIER)) $(if $(SLUG),--slug $(SLUG)) $(ARGS)
pairs: ## print the block for the translation of an abstract: make pairs ID=1512.03385
	$(SETUP) && $(RUN) pairs $(ID)
read: ## write down a paper's places and numbers: make read ID=2305.18290v3 [FILE=paper.html|paper.pdf]
	$(SETUP) && $(RUN) read $(ID) $(if $(FILE),--file "$(FILE)") $(ARGS)
retire: ## take a page away: make retire PAGE=dpo [TO=zephyr]
	$(SETUP) && $(RUN) retire $(PAGE) $(if $(TO),--to $(TO)) $(ARGS)
books: ## list the commits that change a page's numbers and its evidence together: make books [ARGS=origin/main]
	$(SETUP) && $(RUN) books $(ARGS)
refresh: ## bring the ledger up to date
	$(SETUP) && $(RUN) refresh $(ARGS)
bundle: ## write dist/papernotes.zip, which opens from disk
	$(SETUP) && $(RUN) bundle
epub: ## write dist/papernotes.epub, or the book of one topic: make epub TOPIC=rlhf-dpo
	$(SETUP) && $(RUN) epub $(if $(TOPIC),--topic $(TOPIC)) $(ARGS)
release: ## wheel, sdist, site and book with checksums into dist/, each tried in an empty environment
	$(SETUP) && $(RUN) release $(ARGS)
test: ## lint, types and tests
	$(SETUP_DEV) && $(RUN) test $(ARGS)
soak: ## the long runs
	$(SETUP_DEV) && $(RUN) soak $(ARGS)
bench: ## measure
	$(SETUP_DEV) && $(RUN) bench $(ARGS)
audit: ## the checks that need Node, Java or the network
	$(SETUP_DEV) && $(RUN) audit $(ARGS)
lock: ## pin the newest versions that the .in files allow, with hashes; says what moved. uv: python3 -m pip install uv
	@command -v uv > /dev/null || { echo "make lock needs uv: python3 -m pip install uv"; exit 2; }
	uv pip compile --upgrade --universal --python-version 3.11.5 --generate-hashes --quiet --no-header --output-file requirements.txt pyproject.toml requirements.in
	uv pip compile --upgrade --universal --python-version 3.11.5 --generate-hashes --quiet --no-header --constraint requirements.txt --output-file requirements-dev.txt requirements-dev.in
	@git diff -U0 -- requirements.txt requirements-dev.txt | grep -E '^[-+][A-Za-z0-9._-]+==' || echo "nothing moved"
clean: ## remove what was built
	rm -rf site dist build tools/audit/node_modules .site-* .papernotes .papernotes-cache .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
