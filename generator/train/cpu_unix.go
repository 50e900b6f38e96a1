//go:build unix

package train

import "syscall"

// cpuSeconds is the processor time this process has used. Beside other work it says more about a program than the clock on the wall.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
