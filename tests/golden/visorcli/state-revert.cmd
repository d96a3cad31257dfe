visorcli system state revert -g 11
