#!/usr/bin/env bash
# The documentation in one folder, target/docs: the API of core and bindings, and the project's own documents as pages.
#   scripts/docs.sh            checks the documents, then builds everything; any warning of rustdoc is an error
#   scripts/docs.sh --check    only checks the documents: every link, every path in backticks, and every test that is named
set -euo pipefail
cd "$(dirname "$0")/.."

documents() { # every document of the project, by its path
  git ls-files --cached --others --exclude-standard '*.md'
}

wrong=0
report() { echo "docs: $1: $2" >&2; wrong=1; }

check_links() { # [text](target), relative to the document
  local document="$1" target
  while read -r target; do
    [ -z "$target" ] || [ -e "$(dirname "$document")/$target" ] || report "$document" "no such file: $target"
  done < <(grep -oE '\]\([^)]+\)' "$document" | sed -E 's/^\]\(//; s/\)$//; s/#.*//' | grep -vE '^[a-z]+:' | sort -u)
}

check_paths() { # `core/src/…`, relative to the root; what has a place to fill (NAME, NNN, *, {…}) is no path
  local document="$1" path
  while read -r path; do
    [ -z "$path" ] || [ -e "$path" ] || report "$document" "no such path: $path"
  done < <(grep -oE '`(core|bindings|android|ios|tests|scripts|docs)/[A-Za-z0-9_./+-]*(#[A-Za-z0-9_]+)?`' "$document" |
    tr -d '`' | sed 's/#.*//' | grep -vE 'NAME|NNN' | sort -u)
}

check_tests() { # a record's "Tests: `a_test`, `another_test`." and "Tests (Swift): `Suite/test`."
  local record="$1" name
  while read -r name; do
    [ -z "$name" ] || grep -rqE --include='*.rs' "fn $name\(" core bindings tests || report "$record" "no such test: $name"
  done < <(sed -n '/^Tests: /,/^$/p' "$record" | grep -oE '`[a-z0-9_]+`' | tr -d '`' | sort -u)
  while read -r name; do
    [ -z "$name" ] || grep -qE "func ${name#*/}\(" "ios/Tests/PocketdeskKitTests/${name%/*}.swift" || report "$record" "no such test: $name"
  done < <(sed -n '/^Tests (Swift): /,/^$/p' "$record" | grep -oE '`[A-Za-z]+/[A-Za-z]+`' | tr -d '`' | sort -u)
}

check_names() { # `rust:crate::test`, `kotlin:package.Class#test`, `swift:Suite/test`: whether they ran is checked when they have run
  local document="$1" prefix="$2" of_name="$3" known="$4" name
  while read -r name; do
    report "$document" "no such test: $prefix:…$name"
  done < <(comm -23 <(grep -oE "\`$prefix:[^\`]+\`" "$document" | tr -d '`' | sed -E "$of_name" | sort -u) <(sort -u <<<"$known"))
}

check_named_tests() {
  local document="$1"
  check_names "$document" rust 's/.*:://' "$(git grep --untracked -hoE 'fn [a-z0-9_]+\(' -- '*.rs' | sed -E 's/fn (.*)\(/\1/')"
  check_names "$document" kotlin 's/.*#//' "$(git grep --untracked -hoE 'fun `[^`]+`' -- 'android/*.kt' | sed -E 's/fun `(.*)`/\1/')"
  check_names "$document" swift 's,.*/,,' "$(git grep --untracked -hoE 'func [A-Za-z0-9]+\(' -- 'ios/*.swift' | sed -E 's/func (.*)\(/\1/')"
}

while read -r document; do
  check_links "$document"
  check_paths "$document"
  case "$document" in
    docs/decisions/[0-9]*)
      check_tests "$document"
      grep -q '^Code: ' "$document" || report "$document" "does not name its code (a line that begins with \"Code: \")"
      ;;
    docs/product.md | docs/real-servers.md) check_named_tests "$document" ;;
  esac
done < <(documents)
[ "$wrong" -eq 0 ] || exit 1
if [ "${1-}" = --check ]; then echo "docs: every link, path and test is there"; exit; fi

scripts/setup.sh rust
out=target/docs
rm -rf target/doc "$out"
# With private items, because most mechanisms tell their story in a private module. Links to those resolve here, so the lint that warns
# of them in documentation without private items does not apply.
RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" \
  cargo doc --quiet --no-deps --document-private-items --package pocketdesk --package pocketdesk-bindings
mkdir -p "$out/docs"
cp -r target/doc "$out/api"
cp -r docs/pictures "$out/docs/pictures"

cat >"$out/style.css" <<'CSS'
body { font: 1em/1.5 system-ui, sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; } th, td { border: 1px solid #8888; padding: .3em .6em; text-align: left; vertical-align: top; }
pre { overflow-x: auto; padding: .6em; border: 1px solid #8888; } .doc-anchor { text-decoration: none; color: #888; }
CSS

# rustdoc makes pages of Markdown as well, so nothing else has to be installed. Links between documents lead to the pages.
pages="$(mktemp -d)"
trap 'rm -rf "$pages"' EXIT
while read -r document; do
  mkdir -p "$pages/$(dirname "$document")" "$out/$(dirname "$document")"
  sed -E 's/(\]\([^):]*)\.md(#[^)]*)?\)/\1.html\2)/g' "$document" >"$pages/$document"
  up="$(dirname "$document" | sed -E 's#[^/]+#..#g')"
  [ "$(dirname "$document")" != . ] || up=.
  rustdoc --markdown-no-toc --markdown-css "$up/style.css" --output "$out/$(dirname "$document")" "$pages/$document"
done < <(documents)

entry() { echo "<li><a href=\"$1\">$2</a>: $3</li>"; }
{
  echo '<!doctype html><html lang="en"><meta charset="utf-8"><title>Pocketdesk</title>'
  echo '<link rel="stylesheet" href="style.css">'
  echo '<h1>Pocketdesk</h1><ul>'
  entry README.html README "what it is, and how an app uses it"
  entry ARCHITECTURE.html Architecture "layers, two journeys, the states of the outbox"
  entry docs/glossary.html Glossary "the terms, and where they live in the code"
  entry docs/product.html Product "every rule, with its code and its tests"
  entry docs/decisions/README.html Decisions "why it is as it is"
  entry docs/adding-a-connector.html "Adding a connector" "the way to another help desk"
  entry docs/benchmarks.html Benchmarks "figures, with their commands"
  entry CONTRIBUTING.html Contributing "set-up, commands, how to add the usual things"
  entry SECURITY.html Security "what is protected, and how to report"
  entry CHANGELOG.html Changelog "what has changed"
  echo '</ul><h2>API</h2><ul>'
  entry api/pocketdesk/index.html "core (<code>pocketdesk</code>)" "the Rust library"
  entry api/pocketdesk_bindings/index.html "bindings (<code>pocketdesk_bindings</code>)" "what Kotlin and Swift call"
  echo '</ul></html>'
} >"$out/index.html"
echo "docs: $out/index.html"
