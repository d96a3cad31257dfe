visorcli system security certificate client add -n ci -i anna -f tests/golden/visorcli/some.pem
