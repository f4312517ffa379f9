"""What screens share: parts of forms, lists, dialogs, what a page is."""
