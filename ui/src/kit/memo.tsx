// Makes a component that renders again only when a prop has changed.
import { Component, type ComponentChild, type ComponentType } from 'preact';

export function memo<Props extends object>(Inner: ComponentType<Props>): ComponentType<Props> {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      const before = this.props as Record<string, unknown>;
      const after = next as Record<string, unknown>;
      return [...Object.keys(after), ...Object.keys(before)].some((key) => after[key] !== before[key]);
    }
    override render(): ComponentChild {
      return <Inner {...(this.props as Props)} />;
    }
  };
}
