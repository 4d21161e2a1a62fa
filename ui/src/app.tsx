// Chooses the view of the route.
export function App() {
  return null;
}
