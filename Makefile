# Each target is one script in tools/.
export PORT DATA REVISION MINUTES ROWS

.PHONY: help run test dist dev bench fuzz oracle soak
help:
	@echo 'make run    build and start Weir on 127.0.0.1:8000   (PORT=… DATA=…)'
	@echo '            REVISION=2025 or 2026: only the operations of that year'
	@echo 'make test   every test: native, in the browser, end to end'
	@echo 'make dist   the static bundle in dist/'
	@echo 'make dev    reload on change, on 127.0.0.1:8080      (PORT=… DATA=…)'
	@echo 'make bench  measure pages, live rows, the engine and their peers  (MINUTES=10 of memory, ROWS=1000000)'
	@echo 'make oracle compare the SQL functions with ClickHouse (chdb)'
	@echo 'make fuzz   feed every parser with hostile input          (SECONDS=60)'
	@echo 'make soak   schemathesis on the vendor'"'"'s OpenAPI files    (SPECS=folder SECONDS=150)'

run:
	@tools/run.sh
test:
	@tools/test.sh
dist:
	@tools/dist.sh
dev:
	@tools/dev.sh
bench:
	@tools/bench.sh
fuzz:
	@tools/fuzz.sh $(or $(SECONDS),60)
oracle:
	@tools/oracle.sh
soak:
	@tools/soak.sh "$(SPECS)" $(or $(SECONDS),150)
