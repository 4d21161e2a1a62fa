// English, and the type of the other languages. Functions take arguments; plural picks a form by number.
export const en = {
  roomPreview: 'You are looking at this room without being a member.',
  roomPostersOnly: (names: string) =>
    names ? `Only ${names} can post here.` : 'Only the admins can post here.',
  roomArchived: 'This room is archived. You can read it, and nobody can write in it.',
  draftKept: 'You were writing here',
};
