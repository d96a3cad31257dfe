visorcli network ip dns server list
