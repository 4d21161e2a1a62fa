// What is said when a link was copied that only leads somewhere on this computer.
import { t } from './texts';

export const linkCopied = (): string => t().linkCopiedHere;
