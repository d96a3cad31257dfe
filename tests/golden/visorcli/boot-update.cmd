visorcli system boot update -s /tmp/../tmp/visoros.vib -f
