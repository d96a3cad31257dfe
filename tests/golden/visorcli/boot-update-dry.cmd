visorcli system boot update --source=http://depot/visoros-0.2.0.vib --dry-run
