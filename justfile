# Thin names for what ./test and cargo do.

# Run the service with the demonstration
demo:
    cargo run --release -- serve --demo

# Everything that must hold
test:
    ./test

# Format and lint only
lint:
    cargo fmt --all -- --check
    cargo clippy --workspace --all-targets -- -D warnings

# Throughput and latency, each beside a baseline
bench *args:
    cargo run --release -p bordereau-bench -- {{args}}
