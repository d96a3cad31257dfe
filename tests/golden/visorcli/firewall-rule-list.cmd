esxcli network firewall ruleset rule list
