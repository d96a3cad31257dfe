visorcli system state reset --hostname visoros
