// Written from chat/ by TestTypeScriptTypesAreFresh. Do not edit: change chat/ and run
// go test ./chat -run TypeScript -update

export interface Account {
  user: User;
  sessions: number;
  last_seen_at: number;
  reset_until?: number;
  deleting?: boolean;
}

export type Act =
  | 'server.change'
  | 'host.add'
  | 'host.end'
  | 'user.role'
  | 'user.deactivate'
  | 'user.reactivate'
  | 'user.end_sessions'
  | 'user.reset'
  | 'invite.add'
  | 'invite.end'
  | 'token.add'
  | 'token.end'
  | 'message.delete'
  | 'report.close'
  | 'room.archive'
  | 'room.unarchive'
  | 'room.make_private'
  | 'room.delete'
  | 'room.role'
  | 'room.take_out';

export type Adding = 'anyone' | 'ask';

export interface AddingChanged {
  adding: Adding;
  user_rev: number;
}

export interface Asked {
  user_ids: UserID[];
  more: boolean;
}

export interface Audit {
  entries: AuditEntry[];
  more: boolean;
}

export interface AuditEntry {
  id: number;
  at: number;
  by: UserID;
  act: Act;
  user_id?: UserID;
  room_id?: RoomID;
  seq?: number;
  detail?: string;
}

export interface Auth {
  token: string;
}

export interface BlockChanged {
  user_id: UserID;
  blocked: boolean;
  user_rev: number;
}

export interface Blocks {
  user_ids: UserID[];
  user_rev: number;
}

export interface Changes {
  rooms: RoomChanges[];
}

export interface ChangesSince {
  rooms: RoomRev[];
}

export type ChangesState = 'page' | 'too_far' | 'ahead' | 'not_found' | 'later';

export type ClientID = string;

export type Code =
  | 'bad_request'
  | 'invalid'
  | 'signed_out'
  | 'wrong_credentials'
  | 'deactivated'
  | 'forbidden'
  | 'not_found'
  | 'name_taken'
  | 'already_set_up'
  | 'client_id_reused'
  | 'key_reused'
  | 'last_owner'
  | 'archived'
  | 'deleted'
  | 'message_too_long'
  | 'frame_too_big'
  | 'too_many_reactions'
  | 'too_many_people'
  | 'too_many_rooms'
  | 'too_many_invitations'
  | 'too_many_reports'
  | 'too_many_attempts'
  | 'rate_limited'
  | 'wrong_host'
  | 'upgrade_required'
  | 'busy'
  | 'unavailable'
  | 'unknown'
  | 'internal';

export interface Deactivation {
  messages: MessagesFate;
}

export interface DirectRoom {
  id: RoomID;
  kind: RoomKind;
  name: string;
  topic: string;
  member_count: number;
  member_ids?: UserID[];
  created_at: number;
  archived_at?: number;
  meta: number;
  seq: number;
  rev: number;
  role: MemberRole;
  read_seq: number;
  unread: number;
  mentions: number;
  hidden_until?: number;
  favorite?: boolean;
  asked?: UserID[];
}

export type Done = Record<string, never>;

export interface Draft {
  client_id: ClientID;
  body: string;
}

export interface Error {
  code: Code;
  message: string;
  field?: string;
  limit?: number;
  retry_after?: number;
}

export interface FavoriteChanged {
  room_id: RoomID;
  favorite: boolean;
  user_rev: number;
}

export interface Host {
  name: string;
  added_at: number;
}

export interface Hosts {
  hosts: Host[];
}

export interface Inbox {
  seq: number;
  unread: number;
}

export interface Invite {
  id: InviteID;
  created_by: UserID;
  created_at: number;
  expires_at: number;
  max_uses: number;
  uses: number;
  code?: string;
  url?: string;
}

export interface InviteCheck {
  invited_by: string;
}

export interface InviteCode {
  code: string;
}

export type InviteID = number;

export interface Invites {
  invites: Invite[];
  more: boolean;
}

export interface KeptRoom {
  id: RoomID;
  kind: RoomKind;
  name?: string;
  member_count: number;
  messages: number;
  bytes: number;
  created_at: number;
  archived_at?: number;
  owner_ids: UserID[];
}

export interface KeptRoomChange {
  archived?: boolean;
  kind?: RoomKind;
}

export interface KeptRooms {
  rooms: KeptRoom[];
  more: boolean;
}

export interface Limits {
  message_characters: number;
  frame_bytes: number;
  socket_writes: number;
  direct_people: number;
}

export interface Login {
  name: string;
  password: string;
  token?: boolean;
}

export interface Member {
  user_id: UserID;
  role: MemberRole;
  joined_at: number;
}

export interface MemberChanged {
  room_id: RoomID;
  meta: number;
  member: Member;
}

export interface MemberJoined {
  room_id: RoomID;
  meta: number;
  member_count: number;
  member: Member;
}

export interface MemberLeft {
  room_id: RoomID;
  meta: number;
  member_count: number;
  user_id: UserID;
}

export type MemberRole = 'owner' | 'member';

export interface MemberRoleChange {
  role: MemberRole;
}

export interface Members {
  members: Member[];
  meta: number;
  more: boolean;
}

export interface MembersAdded {
  added: UserID[];
  asked: UserID[];
}

export interface Message {
  room_id: RoomID;
  seq: number;
  rev: number;
  author_id: UserID;
  client_id: ClientID;
  body: string;
  html?: string;
  created_at: number;
  edited_at?: number;
  deleted_at?: number;
  deleted_by?: UserID;
  reactions?: Reaction[];
}

export interface MessageAdded {
  message: Message;
}

export interface MessageAt {
  room_id: RoomID;
  seq: number;
}

export interface MessageChanged {
  message: Message;
}

export interface MessageEdit {
  room_id: RoomID;
  seq: number;
  body: string;
}

export interface MessageReactions {
  seq: number;
  rev: number;
  text_rev: number;
  reactions?: Reaction[];
}

export interface MessageSend {
  room_id: RoomID;
  client_id: ClientID;
  body: string;
}

export interface MessageSent {
  room_id: RoomID;
  seq: number;
  rev: number;
  created_at: number;
}

export type MessagesFate = 'keep' | 'delete' | 'rooms';

export interface NewDirect {
  user_ids: UserID[];
}

export interface NewHost {
  name: string;
}

export interface NewInvite {
  max_uses?: number;
  expires_in?: number;
}

export interface NewMembers {
  user_ids: UserID[];
}

export interface NewNotification {
  to: string[];
  title: string;
  body?: string;
  url?: string;
  data?: unknown;
  key: string;
}

export interface NewReadSeq {
  read_seq: number;
}

export interface NewReport {
  reason?: string;
}

export interface NewRoom {
  kind: RoomKind;
  name: string;
  topic?: string;
}

export interface NewText {
  body: string;
}

export interface NewToken {
  bot: string;
  display_name?: string;
  name?: string;
  scopes: Scope[];
  room_ids?: RoomID[];
  expires_in?: number;
}

export interface Notification {
  seq: number;
  sender_id: UserID;
  title: string;
  body?: string;
  url?: string;
  data?: unknown;
  created_at: number;
  read_at?: number;
}

export interface NotificationAdded {
  notification: Notification;
  unread: number;
  user_rev: number;
}

export interface NotificationRead {
  seq?: number;
  up_to?: number;
}

export interface NotificationSent {
  key: string;
  recipients: number;
  created_at: number;
}

export interface Notifications {
  notifications: Notification[];
  before: boolean;
  after: boolean;
  inbox: Inbox;
  user_rev: number;
}

export interface NotificationsRead {
  first: number;
  last: number;
  unread: number;
  user_rev: number;
}

export interface Page {
  messages: Message[];
  before: boolean;
  after: boolean;
  seq: number;
  rev: number;
}

export interface PasswordChange {
  current: string;
  new: string;
  end_tokens?: boolean;
}

export interface Pong {
  time: number;
}

export interface Presence {
  user_id: UserID;
  state: PresenceState;
  last_seen_at: number;
}

export interface PresenceChanged {
  presence: Presence[];
  online: number;
}

export interface PresenceSet {
  state: PresenceState;
}

export type PresenceState = 'online' | 'away' | 'offline';

export interface PresenceWatch {
  user_ids: UserID[];
}

export interface ProfileChange {
  display_name?: string;
  adding?: Adding;
}

export interface PublicRooms {
  rooms: RoomView[];
  more: boolean;
}

export interface Reaction {
  emoji: string;
  user_ids: UserID[];
}

export interface ReactionAt {
  room_id: RoomID;
  seq: number;
  emoji: string;
}

export interface ReactionChanged {
  room_id: RoomID;
  seq: number;
  rev: number;
  was: number;
  emoji: string;
  user_id: UserID;
  added: boolean;
  index: number;
}

export interface ReadMoved {
  room_id: RoomID;
  read_seq: number;
  unread: number;
  user_rev: number;
}

export interface Registering {
  invite?: string;
  name: string;
  display_name?: string;
  password: string;
}

export type Registration = 'open' | 'invite' | 'closed';

export interface Report {
  id: ReportID;
  room_id: RoomID;
  kind: RoomKind;
  seq: number;
  author_id: UserID;
  reporter_id: UserID;
  reason?: string;
  created_at: number;
  closed_at?: number;
  closed_by?: UserID;
}

export interface ReportClosing {
  delete?: boolean;
}

export type ReportID = number;

export interface ReportView {
  id: ReportID;
  room_id: RoomID;
  kind: RoomKind;
  seq: number;
  author_id: UserID;
  reporter_id: UserID;
  reason?: string;
  created_at: number;
  closed_at?: number;
  closed_by?: UserID;
  messages: Message[];
}

export interface Reports {
  reports: Report[];
  more: boolean;
}

export interface Reset {
  code: string;
  url: string;
  expires_at: number;
}

export interface ResetCheck {
  name: string;
  display_name: string;
}

export interface ResetCode {
  code: string;
}

export interface ResetPassword {
  code: string;
  password: string;
}

export type Role = 'owner' | 'admin' | 'member';

export interface RoleChange {
  role: Role;
}

export interface Room {
  id: RoomID;
  kind: RoomKind;
  name: string;
  topic: string;
  member_count: number;
  member_ids?: UserID[];
  created_at: number;
  archived_at?: number;
  meta: number;
  seq: number;
  rev: number;
}

export interface RoomAdded {
  room: RoomState;
  user_rev: number;
}

export interface RoomAt {
  room_id: RoomID;
}

export interface RoomChange {
  name?: string;
  topic?: string;
  archived?: boolean;
  kind?: RoomKind;
}

export interface RoomChanged {
  room: Room;
}

export interface RoomChanges {
  room_id: RoomID;
  state: ChangesState;
  messages: Message[];
  reacted?: MessageReactions[];
  rev: number;
  more: boolean;
}

export interface RoomHidden {
  room_id: RoomID;
  hidden_until: number;
  user_rev: number;
}

export type RoomID = number;

export interface RoomInvitation {
  room_id: RoomID;
  kind: RoomKind;
  name: string;
  member_ids?: UserID[];
  invited_by: UserID;
  created_at: number;
}

export interface RoomInvitationAdded {
  room_invitation: RoomInvitation;
  user_rev: number;
}

export interface RoomInvitationRemoved {
  room_id: RoomID;
  user_rev: number;
}

export interface RoomInvitations {
  room_invitations: RoomInvitation[];
  user_rev: number;
}

export type RoomKind = 'public' | 'private' | 'direct' | 'announcements';

export interface RoomRead {
  room_id: RoomID;
  read_seq: number;
}

export interface RoomRemoved {
  room_id: RoomID;
  user_rev: number;
}

export interface RoomRev {
  room_id: RoomID;
  rev: number;
}

export interface RoomState {
  id: RoomID;
  kind: RoomKind;
  name: string;
  topic: string;
  member_count: number;
  member_ids?: UserID[];
  created_at: number;
  archived_at?: number;
  meta: number;
  seq: number;
  rev: number;
  role: MemberRole;
  read_seq: number;
  unread: number;
  mentions: number;
  hidden_until?: number;
  favorite?: boolean;
}

export interface RoomView {
  id: RoomID;
  kind: RoomKind;
  name: string;
  topic: string;
  member_count: number;
  member_ids?: UserID[];
  created_at: number;
  archived_at?: number;
  meta: number;
  seq: number;
  rev: number;
  member: boolean;
  role?: MemberRole;
  read_seq: number;
  unread: number;
}

export interface Rooms {
  epoch: string;
  runs: string[];
  rooms: RoomState[];
}

export type Scope = 'read' | 'post' | 'notify' | 'admin';

export interface Server {
  name: string;
  version: string;
  registration: Registration;
  set_up: boolean;
}

export interface ServerChange {
  name?: string;
  registration?: Registration;
}

export interface ServerChanged {
  server: Server;
}

export type SessionEnded = Record<string, never>;

export interface Setup {
  code: string;
  server_name: string;
  language?: string;
  name: string;
  display_name?: string;
  password: string;
}

export interface SignedIn {
  user: User;
  adding?: Adding;
  token?: string;
}

export interface Token {
  id: TokenID;
  bot: User;
  name: string;
  scopes: Scope[];
  room_ids?: RoomID[];
  created_by?: UserID;
  created_at: number;
  expires_at?: number;
  last_used_at?: number;
  token?: string;
}

export type TokenID = number;

export interface Tokens {
  tokens: Token[];
  more: boolean;
}

export interface TypingStarted {
  room_id: RoomID;
  user_id: UserID;
}

export interface User {
  id: UserID;
  name: string;
  display_name: string;
  role: Role;
  created_at: number;
  bot?: boolean;
  deactivated?: boolean;
}

export interface UserChanged {
  user: User;
  directory: number;
}

export type UserID = number;

export interface Users {
  users: User[];
  directory: number;
  more: boolean;
}

export interface Welcome {
  server: Server;
  time: number;
  epoch: string;
  runs: string[];
  user: User;
  user_rev: number;
  rooms: RoomState[];
  directory: number;
  online: number;
  inbox: Inbox;
  blocked?: UserID[];
  adding: Adding;
  room_invitations?: RoomInvitation[];
  limits: Limits;
}

export interface ServerEvents {
  'adding.changed': AddingChanged;
  'block.changed': BlockChanged;
  'favorite.changed': FavoriteChanged;
  'member.changed': MemberChanged;
  'member.joined': MemberJoined;
  'member.left': MemberLeft;
  'message.added': MessageAdded;
  'message.changed': MessageChanged;
  'notification.added': NotificationAdded;
  'notification.read': NotificationsRead;
  'presence.changed': PresenceChanged;
  'reaction.changed': ReactionChanged;
  'read.moved': ReadMoved;
  'room.added': RoomAdded;
  'room.changed': RoomChanged;
  'room.hidden': RoomHidden;
  'room.removed': RoomRemoved;
  'room_invitation.added': RoomInvitationAdded;
  'room_invitation.removed': RoomInvitationRemoved;
  'server.changed': ServerChanged;
  'session.ended': SessionEnded;
  'typing.started': TypingStarted;
  'user.changed': UserChanged;
  'welcome': Welcome;
}

export interface Requests {
  'auth': { data: Auth; reply: Done };
  'favorite.add': { data: RoomAt; reply: FavoriteChanged };
  'favorite.remove': { data: RoomAt; reply: FavoriteChanged };
  'message.delete': { data: MessageAt; reply: MessageSent };
  'message.edit': { data: MessageEdit; reply: MessageSent };
  'message.send': { data: MessageSend; reply: MessageSent };
  'ping': { data: Done; reply: Pong };
  'presence.set': { data: PresenceSet; reply: Done };
  'presence.watch': { data: PresenceWatch; reply: PresenceChanged };
  'reaction.add': { data: ReactionAt; reply: MessageSent };
  'reaction.remove': { data: ReactionAt; reply: MessageSent };
  'room.changes': { data: ChangesSince; reply: Changes };
  'room.hide': { data: RoomAt; reply: RoomHidden };
  'room.join': { data: RoomAt; reply: RoomState };
  'room.leave': { data: RoomAt; reply: Done };
  'room.read': { data: RoomRead; reply: ReadMoved };
  'room_invitation.accept': { data: RoomAt; reply: RoomState };
  'room_invitation.decline': { data: RoomAt; reply: Done };
  'typing.start': { data: RoomAt; reply: Done };
}
