visorcli network ip dns get
