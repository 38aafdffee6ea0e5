#!/usr/bin/env bash
# Tell a report in the one open issue with a label: `.github/one-issue.sh LABEL REPORT`. Where there is such an issue it is
# brought up to date, else it is opened; where there is no report there is nothing to tell. Needs gh with GH_TOKEN and GH_REPO.
set -euo pipefail
label=$1 report=$2
if [ ! -f "$report" ]; then
  echo "nothing to tell"
  exit 0
fi
title=$(head -n 1 "$report" | sed 's/^#* *//')
body=$(mktemp)
tail -n +2 "$report" | head -c 60000 >"$body"
number=$(gh issue list --state open --label "$label" --limit 1 --json number --jq '.[0].number // empty')
if [ -n "$number" ]; then
  gh issue edit "$number" --title "$title" --body-file "$body"
else
  gh label create "$label" --force --color 0E8A16 --description "Told by a scheduled workflow" >/dev/null
  gh issue create --title "$title" --label "$label" --body-file "$body"
fi
