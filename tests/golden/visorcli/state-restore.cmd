visorcli system state restore --file=/tmp/state.tgz
