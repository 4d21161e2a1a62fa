package bench

import "testing"

func TestTheMostThatGoesWellIsFound(t *testing.T) {
	t.Parallel()
	for _, most := range []float64{20, 37, 1000, 123_456} {
		found, tries := 0.0, 0
		err := searchMost(20, func(n float64) (bool, error) {
			if tries++; n <= most {
				found = n
			}
			return n <= most, nil
		})
		if err != nil || found > most || found < 0.9*most || tries > 20 {
			t.Errorf("found %v of %v in %d tries, %v", found, most, tries, err)
		}
	}
}
