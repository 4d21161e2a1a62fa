// English, and the type of the other languages. Functions take arguments; plural picks a form by number.

export const en = {
  close: 'Close',
  retry: 'Retry',
  reload: 'Reload',
  notLoaded: 'This part could not be loaded.',
  discard: 'Delete',
  showMore: 'Show more',
  showLess: 'Show less',
  more: 'More actions',
  copied: 'Copied',
  copyFailed: 'Copying is not possible here. The text is selected: copy it by hand.',
  done: 'Done',
  fillIn: 'Fill this in.',
  cancel: 'Cancel',
  save: 'Save',
  copy: 'Copy',
  noMatches: 'Nothing found',
  saved: 'Saved',
};
