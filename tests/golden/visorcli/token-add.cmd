visorcli system account token add -n ci -i anna -r read-only -d 30
