visorcli system state diff -g 11
