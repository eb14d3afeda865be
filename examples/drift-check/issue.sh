#!/bin/sh
# Opens a GitHub issue with the title in DRIFT_TITLE and what comes on standard input. While one with that title is open, it gets the
# latest findings instead: drift that stays for a day is one issue, and not twenty-four.
set -eu

# GitHub takes 65,536 characters at the most.
body=$(printf '```\n%s\n```' "$(head -c 60000)")
number=$(gh issue list --search "in:title \"$DRIFT_TITLE\"" --json number,title --jq 'map(select(.title == env.DRIFT_TITLE))[0].number // empty')

if [ "$number" ]; then
	gh issue edit "$number" --body "$body"
else
	gh issue create --title "$DRIFT_TITLE" --body "$body"
fi
