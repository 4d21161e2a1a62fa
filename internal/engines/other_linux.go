package engines

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// PostgreSQL refuses to run as root. Then it runs as the user that Debian's package makes for it.
func other() (uid, gid int, is bool) {
	if os.Getuid() != 0 {
		return 0, 0, false
	}
	postgres, err := user.Lookup("postgres")
	if err != nil {
		return 0, 0, false
	}
	uid, _ = strconv.Atoi(postgres.Uid)
	gid, _ = strconv.Atoi(postgres.Gid)
	return uid, gid, true
}

func asOther(cmd *exec.Cmd) {
	if uid, gid, is := other(); is {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
}

func giveToOther(folder string) error {
	if uid, gid, is := other(); is {
		return os.Chown(folder, uid, gid)
	}
	return nil
}
