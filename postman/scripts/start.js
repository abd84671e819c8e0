// A walk from the top is walked by new people, but for those whose phones the environment gives.
["consumer", "vendor", "guest"].forEach((person) => pm.collectionVariables.unset(`${person}Phone`));
["consumer", "vendor", "guest", "admin"].forEach((person) => pm.collectionVariables.unset(`${person}AccessToken`));
pm.collectionVariables.unset("society");
