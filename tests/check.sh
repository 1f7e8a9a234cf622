# For scripts that check one thing after another; they source it.
passed=0
failed=0

check() { # NAME COMMAND...
  if "${@:2}"; then
    passed=$((passed + 1))
    echo "passed: $1"
  else
    failed=$((failed + 1))
    echo "FAILED: $1"
  fi
}
