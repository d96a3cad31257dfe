visorcli system audit list -l 1
