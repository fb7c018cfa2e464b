#!/usr/bin/env bash
# Rules of the project that no compiler checks.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
complain() { echo "rule broken: $*" >&2; failed=1; }

# The VM can only be replaced if nobody outside the interpreter knows it.
if grep -rnE 'piccolo|ottavino|gc_arena' --include=*.rs --include=Cargo.toml src modules executor cli tests examples benches; then
    complain "the VM is named outside interpreter/"
fi
# Inside it, the loop that runs the bytecode has one seam.
if grep -rnE 'Executor|SequencePoll|CallbackReturn' --include=*.rs interpreter/src | grep -v '^interpreter/src/machine/'; then
    complain "the VM's executor is named outside interpreter/src/machine/"
fi
# Arrows point one way: executor -> modules -> interpreter.
grep -q 'lunapool-modules\|lunapool-executor' interpreter/Cargo.toml && complain "interpreter depends on a crate above it"
grep -q 'lunapool-executor' modules/Cargo.toml && complain "modules depends on executor"
grep -rnE 'std::thread|crossbeam' --include=*.rs modules/src && complain "modules knows threads"
# Files that grow past this are about to be two.
while read -r lines file; do
    [ "$lines" -le 400 ] || complain "$file has $lines lines"
done < <(git ls-files '*.rs' | xargs wc -l | grep -v ' total$')
# No C compiler anywhere, apart from what the operating system is.
if cargo tree --locked --workspace -e normal,build --prefix none | grep -E '^(cc|cmake|bindgen) '; then
    complain "a dependency compiles C"
fi
exit $failed
