visorcli system security certificate set -f tests/golden/visorcli/some.pem
