esxcli network ip dns server add --server=192.0.2.53
