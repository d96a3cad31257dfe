esxcli software acceptance set --level=CommunitySupported
