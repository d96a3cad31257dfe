visorcli system support write --file /tmp/x/../support.tgz --group logs
