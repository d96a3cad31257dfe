esxcli system account remove -i anna
