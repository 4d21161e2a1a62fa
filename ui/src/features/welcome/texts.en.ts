// English, and the type of the other languages.
export const en = {
  welcomeTitle: (name: string) => `Welcome, ${name}`,
  welcomeText: 'Pick a room to read on.',
  welcomeEmptyText: 'You are not in a room yet.',
};
