package train

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// TestReadOutline reads a record with and without its masks, and the same errors.
func TestReadOutline(t *testing.T) {
	dir := t.TempDir()
	record := &Record{Format: recordFormat, Name: "x", Status: Done, Config: DefaultConfig("predict"),
		Result: &Document{Run: "x", Loss: 0.25, Steps: 7, Masks: []MaskRecord{{Word: "went", Counted: []string{"]}"}}}, Checks: []CheckItem{{Name: "a", Pass: true}}}}
	if err := record.write(dir); err != nil {
		t.Fatal(err)
	}
	whole, err := ReadRecord(dir)
	if err != nil || len(whole.Result.Masks) != 1 {
		t.Fatalf("%+v, %v", whole, err)
	}
	outline, err := ReadOutline(dir)
	if err != nil || outline.Result.Masks != nil {
		t.Fatalf("%+v, %v", outline, err)
	}
	whole.Result.Masks = nil
	if !reflect.DeepEqual(outline, whole) {
		t.Errorf("the outline is %+v, want %+v", outline, whole)
	}
	record.Result = nil
	if err := record.write(dir); err != nil {
		t.Fatal(err)
	}
	if outline, err = ReadOutline(dir); err != nil || outline.Result != nil {
		t.Errorf("without a result: %+v, %v", outline, err)
	}
	for _, damage := range []string{"", "{", `{"result":{"masks":[}}`, `{"format":99}`} {
		if err := os.WriteFile(filepath.Join(dir, recordFile), []byte(damage), 0o666); err != nil {
			t.Fatal(err)
		}
		_, one := ReadRecord(dir)
		_, two := ReadOutline(dir)
		if one == nil || two == nil || one.Error() != two.Error() {
			t.Errorf("%q: %v, and %v", damage, one, two)
		}
	}
}
