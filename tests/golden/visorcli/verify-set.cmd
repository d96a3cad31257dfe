visorcli system visorfs verify set --enabled true --rate 16
