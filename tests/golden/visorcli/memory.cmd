visorcli hardware memory get
