// What comes once the first page stands: nobody can want it before.
import { startFiles } from './features/shell/files';

export { Toasts } from './kit/Toast';

startFiles();
