esxcli system account add -i anna -p VMware1! -c VMware2!
