visorcli system security certificate client add -n ci -i anna -r read-only -f tests/golden/visorcli/some.pem
