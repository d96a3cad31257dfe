visorcli system account token remove -n ci
