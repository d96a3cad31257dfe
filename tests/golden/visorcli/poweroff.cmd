visorcli system shutdown poweroff --reason="moving house"
