visorcli system state backup -f /tmp/x/../state.tgz
